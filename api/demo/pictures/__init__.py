"""Pictures of the demo's goods, drawn with Pillow: flat things on a soft ground, lit from the upper left."""
