"""Papers by an approved platform (AFNOR XP Z12-013 1.3.0): who must, what is sent, what comes back. Non vérifié en réel."""
