"""What a model is shown and plays: contact sheets and closer looks, stems and mix, attachments."""
