"""From a frame to a scene: boxes, tracks, standing things. Pure but for one ONNX door."""
