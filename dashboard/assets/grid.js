// What the grid of cases needs in the browser: numbers that are links, and its theme in the dashboard's colours.
(function () {
  "use strict";
  const components = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});

  components.CaseLink = function (props) {
    if (!props.value) return null;
    return props.data.href ? window.React.createElement("a", { href: props.data.href }, props.value) : props.value;
  };

  functions.townshipGridTheme = function (theme) {
    return theme.withParams({
      fontFamily: "inherit", fontSize: 14, accentColor: "var(--accent)", backgroundColor: "var(--card)", foregroundColor: "var(--ink)",
      borderColor: "var(--line)", headerBackgroundColor: "var(--card)", headerTextColor: "var(--ink-soft)", headerFontWeight: 500,
      wrapperBorderRadius: "10px", rowVerticalPaddingScale: 0.8,
    });
  };
})();
