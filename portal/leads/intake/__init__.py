"""The ways in: form, draft, card, message, personal link, telephone, poster."""
