"""Six charts in Streamlit."""

import streamlit as st
from six_charts import FIGURES, PERIODS, frame

st.set_page_config(layout="wide")
period = st.radio("Period", list(PERIODS), horizontal=True)
columns = st.columns(2)
for place, (name, draw) in enumerate(FIGURES.items()):
    columns[place % 2].plotly_chart(draw(frame(name, period)), key=name)
