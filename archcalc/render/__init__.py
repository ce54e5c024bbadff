"""From a report to text. Renderers neither count nor round."""
