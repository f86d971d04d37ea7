"""Orders of rewards: asked for with points, approved, sent, received; what suppliers are told; codes of cards."""
