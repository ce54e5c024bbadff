"""Caffe: networks as protobuf text, for deployment or for training, in the layers form of 2014 or the older one."""
