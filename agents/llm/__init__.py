"""How agents talk to a language model: client, budget, replies, views."""
