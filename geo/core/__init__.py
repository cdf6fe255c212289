"""What every other package needs: sentences in both languages."""
