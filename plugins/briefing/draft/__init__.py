"""A story's sources into a briefing an editor can trim: no model, every fact with its marker.

english    what we know of English words and sentences         passages   a source's text as sentences with their place and role
restate    the same fact in our words                          quotes     who said what, word for word
plan       which facts stand where                             headline   title, dek, short version
extras     statistic, list, questions                          write      the article of one story
run        the edition: files that are not there yet
"""
