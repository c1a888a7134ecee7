"""One module a game: it names its packages and yields the pairs of its levels."""
