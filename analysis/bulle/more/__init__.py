"""What is beside the main job: measures of prose."""
