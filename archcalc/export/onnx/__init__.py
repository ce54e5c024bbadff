"""ONNX files without weights, written without the onnx package."""
