"""研究台: numbers that may leave the town hall, protected, with what a reader needs to cite and to repeat them."""
