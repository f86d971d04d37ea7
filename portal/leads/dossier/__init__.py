"""What gathers around a recommendation while it is worked on: words, tasks, files; and the one that it turned out to be."""
