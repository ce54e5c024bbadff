"""Modules that torch.nn does not have, as they stand in a source that needs them."""

from __future__ import annotations

HELPERS = {
    "LayerNorm": '''
class LayerNorm(nn.LayerNorm):
    """Layer normalisation of each place over its channels."""

    def forward(self, x):
        if x.dim() == 2:
            return super().forward(x)
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "RMSNorm": '''
class RMSNorm(nn.RMSNorm):
    """Normalisation of each place by the root mean square of its channels."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "ShiftNorm": '''
class ShiftNorm(nn.BatchNorm2d):
    """Batch normalisation with a learned shift but no scale."""

    def __init__(self, channels):
        super().__init__(channels, affine=False)
        self.shift = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return super().forward(x) + self.shift
''',
    "ScaleNorm": '''
class ScaleNorm(nn.BatchNorm2d):
    """Batch normalisation with a learned scale but no shift."""

    def __init__(self, channels):
        super().__init__(channels, affine=False)
        self.scale = nn.Parameter(torch.ones(channels, 1, 1))

    def forward(self, x):
        return super().forward(x) * self.scale
''',
    "Scale": '''
class Scale(nn.Module):
    """A learned factor for each channel, and a shift with ``bias``."""

    def __init__(self, channels, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1)) if bias else None

    def forward(self, x):
        x = x * self.weight
        return x if self.bias is None else x + self.bias
''',
    "Position": '''
class Position(nn.Module):
    """A learned value that is added to each value."""

    def __init__(self, shape):
        super().__init__()
        self.values = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.values
''',
    "ClassToken": '''
class ClassToken(nn.Module):
    """Learned tokens in front of the others."""

    def __init__(self, channels, count=1):
        super().__init__()
        self.tokens = nn.Parameter(torch.zeros(1, channels, count, 1))

    def forward(self, x):
        return torch.cat((self.tokens.expand(x.shape[0], -1, -1, -1), x), 2)
''',
    "Subsampling": '''
class Subsampling(nn.Module):
    """LeNet's subsampling: the sum of each window, times a learned factor, plus a learned bias of its channel."""

    def __init__(self, channels, kernel, stride):
        super().__init__()
        self.sum = nn.LPPool2d(1, kernel, stride)
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return self.sum(x) * self.weight + self.bias
''',
    "PaddedAvgPool": '''
class PaddedAvgPool(nn.AvgPool2d):
    """Average pooling with uneven padding (left, right, above, below), which is left out of the averages."""

    def __init__(self, kernel, stride, padding):
        super().__init__(kernel, stride)
        self.sides = padding

    def forward(self, x):
        inside = F.pad(x.new_ones((1, 1, *x.shape[2:])), self.sides)
        return super().forward(F.pad(x, self.sides)) / super().forward(inside)
''',
    "L2Norm": '''
class L2Norm(nn.Module):
    """Each place divided by the length of its vector of channels, times a learned factor of the channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))

    def forward(self, x):
        return F.normalize(x, dim=1) * self.weight
''',
    "Recurrent": '''
class Recurrent(nn.Module):
    """A recurrent layer on a sequence N x C x L x 1."""

    def __init__(self, cells, last=False):
        super().__init__()
        self.cells, self.last = cells, last

    def forward(self, x):
        x, _ = self.cells(x.squeeze(3).transpose(1, 2))
        x = x[:, -1:] if self.last else x
        return x.transpose(1, 2).unsqueeze(3)
''',
    "Embedding": '''
class Embedding(nn.Embedding):
    """The vector of each word of a sequence, as its channels."""

    def forward(self, x):
        return super().forward(x.flatten(1).long()).transpose(1, 2).unsqueeze(3)
''',
    "cross_correlation": '''
def cross_correlation(x, y, depthwise=False):
    """Slides the second map over the first as if it were a filter, for each image."""
    n, channels = x.shape[:2]
    groups = n * channels if depthwise else n
    x = F.conv2d(x.reshape(1, -1, *x.shape[2:]), y.reshape(groups, -1, *y.shape[2:]), groups=groups)
    return x.reshape(n, -1, *x.shape[2:])
''',
    "product": '''
def product(x, y, heads=1, transposed=False):
    """Products of two maps as matrices of channels and places, side by side for each head."""
    height, width = x.shape[2:]
    x, y = (each.flatten(2).unflatten(1, (heads, -1)) for each in (x, y))
    x = y.transpose(2, 3) @ x if transposed else y @ x
    return x.flatten(1, 2).unflatten(2, (height, width))
''',
    "StochasticDepth": '''
class StochasticDepth(nn.Module):
    """Keeps its input with a probability while training, and is zero otherwise: one choice for each image."""

    def __init__(self, survival):
        super().__init__()
        self.survival = survival

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand((x.shape[0],) + (1,) * (x.dim() - 1), device=x.device) < self.survival
        return x * kept / self.survival
''',
    "Attention": '''
class Attention(nn.Module):
    """Attention of all places: takes the channels of queries, keys and values, gives those of the values."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        n, _, h, w = x.shape
        q, k, v = x.flatten(2).unflatten(1, (3, self.heads, -1)).transpose(3, 4).unbind(1)
        x = F.scaled_dot_product_attention(q, k, v)
        return x.transpose(2, 3).reshape(n, -1, h, w)
''',
    "WindowAttention": '''
class WindowAttention(nn.Module):
    """Attention inside windows (with ``grid``, of places spread over the map), with what is learned of positions."""

    def __init__(self, heads, window, grid=False, relative_bias=False, bias_network=None, temperature=False):
        super().__init__()
        self.heads, self.window, self.grid = heads, window, grid
        rows, columns = window
        offsets = (2 * rows - 1) * (2 * columns - 1)
        self.table = nn.Parameter(torch.zeros(offsets, heads)) if relative_bias else None
        self.network = None
        if bias_network is not None:
            self.network = nn.Sequential(
                nn.Linear(2, bias_network), nn.ReLU(), nn.Linear(bias_network, heads, bias=False)
            )
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1)) if temperature else None

    def bias(self, x):
        """The bias of each pair of places of a window, for each head."""
        if self.table is None and self.network is None:
            return None
        rows, columns = self.window
        row, column = (torch.arange(side, device=x.device) for side in self.window)
        down = (row[:, None] - row[None, :] + rows - 1).reshape(rows, 1, rows, 1)
        right = (column[:, None] - column[None, :] + columns - 1).reshape(1, columns, 1, columns)
        index = (down * (2 * columns - 1) + right).reshape(rows * columns, rows * columns)
        table = self.table
        if table is None:
            down, right = (torch.linspace(-8, 8, 2 * side - 1, device=x.device) for side in self.window)
            shape = (2 * rows - 1, 2 * columns - 1)
            steps = torch.stack((down[:, None].expand(shape), right.expand(shape)), -1).flatten(0, 1)
            table = 16 * torch.sigmoid(self.network(steps.sign() * torch.log2(steps.abs() + 1) / 3))
        return table[index].permute(2, 0, 1)

    def forward(self, x):
        n, _, h, w = x.shape
        rows, columns = self.window
        if self.grid:
            x = x.reshape(n, -1, rows, h // rows, columns, w // columns).permute(0, 3, 5, 1, 2, 4)
        else:
            x = x.reshape(n, -1, h // rows, rows, w // columns, columns).permute(0, 2, 4, 1, 3, 5)
        x = x.reshape(n * (h // rows) * (w // columns), 3, self.heads, -1, rows * columns)
        q, k, v = x.transpose(3, 4).unbind(1)
        scale = None
        if self.temperature is not None:
            q, k, scale = F.normalize(q, dim=-1) * self.temperature.clamp(max=100), F.normalize(k, dim=-1), 1.0
        x = F.scaled_dot_product_attention(q, k, v, attn_mask=self.bias(x), scale=scale)
        x = x.transpose(2, 3).reshape(n, h // rows, w // columns, -1, rows, columns)
        x = x.permute(0, 3, 4, 1, 5, 2) if self.grid else x.permute(0, 3, 1, 4, 2, 5)
        return x.reshape(n, -1, h, w)
''',
}
"""Name to source."""
