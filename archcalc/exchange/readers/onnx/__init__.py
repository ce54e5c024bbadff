"""ONNX: protobuf's wire format, read without the onnx package; weights are passed over."""
