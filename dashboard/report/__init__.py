"""社会治理周报: the weekly report on paper. Knows no screen; its numbers, sentences and figures are the pages'."""
