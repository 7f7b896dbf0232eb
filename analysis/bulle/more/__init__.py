"""What is beside the main job: second voices for the tone, tokenizers for NLTK."""
