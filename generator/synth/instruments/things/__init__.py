"""Things that meet, break, rub, roll and shut."""
