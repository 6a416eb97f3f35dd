"""疑问: which unit's numbers differ from all others' so much, and not by chance, that a leader may ask why. Questions, not verdicts."""
