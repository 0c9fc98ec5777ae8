# Thin: every target is a command of run.py, which works without make.
.PHONY: demo test audit lock setup
demo test audit lock setup:
	python3 run.py $@
