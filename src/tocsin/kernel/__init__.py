"""The words everybody shares. Imports nothing else of Tocsin."""
