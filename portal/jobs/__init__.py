"""The queue: what is done after the deed, by a worker. Ids only; harmless twice."""
