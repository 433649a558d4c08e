"""What `bench` needs: a large conversation, a page to compare with, and the weight of a page."""
