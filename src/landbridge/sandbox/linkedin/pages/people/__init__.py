"""Finding people, and the profile of one: what they tell of themselves, and what is known of them from an ATS."""
