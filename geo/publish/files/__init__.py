"""Files for others: a layer of a study and its marks as bytes, one module per format.

Pure: nothing here opens a file, knows an hour or asks for a setting, so that the same
question gives the same bytes. What a profile leaves out was left out of the study before.
"""
