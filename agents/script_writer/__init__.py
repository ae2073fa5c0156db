"""FoleyScriptWriter: refines and regenerates candidate scripts."""
