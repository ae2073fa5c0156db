"""Sound and picture files: WAV, BWF, ADM, MOV."""
