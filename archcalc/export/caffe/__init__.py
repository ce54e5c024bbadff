"""Deploy files for Caffe: a network in protobuf's text format."""
