"""What a reader is told, on screen and on paper alike: the visit, its readings and frames, whether they are noise, the sentences."""
