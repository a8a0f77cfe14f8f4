"""Tell: findings as text, as data and as annotations, and the exit status they mean."""
