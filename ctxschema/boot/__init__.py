"""What runs in the machine: facts about its GPU, the decision that follows, and the container's arguments."""
