"""What has to hold of every flow, whatever its inputs and whatever its blocks answer; needs Hypothesis."""
