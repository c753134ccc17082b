"""When: the workflows on Temporal, their activities, and what they need from the world."""
