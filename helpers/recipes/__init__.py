"""How everything in helpers/assets was made: `python -m helpers.recipes.NAME` makes it again."""
