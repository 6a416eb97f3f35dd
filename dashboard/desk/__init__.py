"""The SQL desk: a de-identified file a build, and a cage around every query a researcher writes."""
