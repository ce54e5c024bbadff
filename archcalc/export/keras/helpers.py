"""Functions and layers that Keras does not have, as they stand in a source that needs them."""

from __future__ import annotations

HELPERS = {
    "pad_lowest": '''
def pad_lowest(x, padding):
    """Padding for max pooling, below every value."""
    return ops.pad(x, ((0, 0), *padding, (0, 0)), constant_values=float("-inf"))
''',
    "pad_reflected": '''
def pad_reflected(x, padding):
    """The map mirrored at its border."""
    return ops.pad(x, ((0, 0), *padding, (0, 0)), mode="reflect")
''',
    "average_inside": '''
def average_inside(x, pool_size, strides, padding):
    """Average pooling that leaves padding out of its averages."""
    padding = ((0, 0), *padding, (0, 0))
    inside = ops.pad(ops.ones_like(x[..., :1]), padding)
    pool = layers.AveragePooling2D(pool_size, strides)
    return pool(ops.pad(x, padding)) / pool(inside)
''',
    "local_response_norm": '''
def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """Normalisation over neighbouring channels."""
    channels = x.shape[-1]
    square = ops.pad(ops.square(x), ((0, 0), (0, 0), (0, 0), (size // 2, (size - 1) // 2)))
    total = sum(square[..., i : i + channels] for i in range(size))
    return x / ops.power(k + alpha * total / size, beta)
''',
    "maxout": '''
def maxout(x, pieces):
    """The largest of each group of channels."""
    return ops.max(ops.reshape(x, (-1, *x.shape[1:-1], x.shape[-1] // pieces, pieces)), axis=-1)
''',
    "channel_shuffle": '''
def channel_shuffle(x, groups):
    """Channels of all groups side by side."""
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height, width, groups, channels // groups))
    return ops.reshape(ops.transpose(x, (0, 1, 2, 4, 3)), (-1, height, width, channels))
''',
    "pixel_shuffle": '''
def pixel_shuffle(x, factor):
    """Channels as places: the map becomes factor times as high and as wide."""
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height, width, channels // factor**2, factor, factor))
    x = ops.transpose(x, (0, 1, 4, 2, 5, 3))
    return ops.reshape(x, (-1, height * factor, width * factor, channels // factor**2))
''',
    "pixel_unshuffle": '''
def pixel_unshuffle(x, factor):
    """Places as channels: the map becomes a factor-th as high and as wide."""
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height // factor, factor, width // factor, factor, channels))
    x = ops.transpose(x, (0, 1, 3, 5, 2, 4))
    return ops.reshape(x, (-1, height // factor, width // factor, channels * factor**2))
''',
    "reshape": '''
def reshape(x, shape):
    """The values in another arrangement, in the order of channels, rows and columns."""
    x = ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (-1, *shape))
    return ops.transpose(x, (0, 2, 3, 1))
''',
    "product": '''
def product(x, y, heads=1, transposed=False):
    """Products of two maps as matrices of places and channels, side by side for each head."""
    height, width = x.shape[1:3]
    x, y = (ops.reshape(each, (-1, each.shape[1] * each.shape[2], heads, each.shape[3] // heads)) for each in (x, y))
    x, y = (ops.transpose(each, (0, 2, 1, 3)) for each in (x, y))
    x = ops.matmul(x, ops.transpose(y, (0, 1, 3, 2)) if transposed else y)
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (-1, height, width, heads * x.shape[3]))
''',
    "Scale": '''
class Scale(layers.Layer):
    """A learned factor for each channel, and a shift with ``bias``."""

    def __init__(self, bias=False, **settings):
        super().__init__(**settings)
        self.use_bias = bias

    def build(self, shape):
        self.factor = self.add_weight(shape=shape[-1:], initializer="ones", name="factor")
        self.shift = None
        if self.use_bias:
            self.shift = self.add_weight(shape=shape[-1:], initializer="zeros", name="shift")

    def call(self, x):
        x = x * self.factor
        return x if self.shift is None else x + self.shift
''',
    "Position": '''
class Position(layers.Layer):
    """A learned value that is added to each value."""

    def build(self, shape):
        self.values = self.add_weight(shape=shape[1:], initializer="zeros", name="values")

    def call(self, x):
        return x + self.values
''',
    "ClassToken": '''
class ClassToken(layers.Layer):
    """Learned tokens in front of the others."""

    def __init__(self, count=1, **settings):
        super().__init__(**settings)
        self.count = count

    def build(self, shape):
        self.tokens = self.add_weight(shape=(1, self.count, 1, shape[-1]), initializer="zeros", name="tokens")

    def call(self, x):
        return ops.concatenate((self.tokens + ops.zeros_like(x[:, :1]), x), axis=1)

    def compute_output_shape(self, shape):
        return (shape[0], shape[1] + self.count, *shape[2:])
''',
    "attention": '''
def attention(x, heads):
    """Attention of all places: takes the channels of queries, keys and values, gives those of the values."""
    _, height, width, channels = x.shape
    size = channels // 3 // heads
    x = ops.reshape(x, (-1, height * width, 3, heads, size))
    q, k, v = (ops.transpose(x[:, :, part], (0, 2, 1, 3)) for part in range(3))
    weights = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / size**0.5)
    x = ops.transpose(ops.matmul(weights, v), (0, 2, 1, 3))
    return ops.reshape(x, (-1, height, width, channels // 3))
''',
    "WindowAttention": '''
class WindowAttention(layers.Layer):
    """Attention inside windows (with ``grid``, of places spread over the map), with what is learned of positions."""

    def __init__(
        self, heads, window, grid=False, relative_bias=False, bias_network=None, temperature=False, **settings
    ):
        super().__init__(**settings)
        self.heads, self.window, self.grid = heads, window, grid
        self.relative_bias, self.use_temperature = relative_bias, temperature
        self.network = None
        if bias_network is not None:
            self.network = keras.Sequential(
                [layers.Dense(bias_network, activation="relu"), layers.Dense(heads, use_bias=False)]
            )

    def build(self, shape):
        rows, columns = self.window
        offsets = (2 * rows - 1) * (2 * columns - 1)
        self.table = self.temperature = None
        if self.relative_bias:
            self.table = self.add_weight(shape=(offsets, self.heads), initializer="zeros", name="table")
        if self.use_temperature:
            self.temperature = self.add_weight(shape=(self.heads, 1, 1), initializer="ones", name="temperature")
        if self.network is not None:
            self.network.build((offsets, 2))

    def bias(self):
        """The bias of each pair of places of a window, for each head."""
        rows, columns = self.window
        down = [[i - j + rows - 1 for j in range(rows)] for i in range(rows)]
        right = [[i - j + columns - 1 for j in range(columns)] for i in range(columns)]
        index = [
            [down[i][k] * (2 * columns - 1) + right[j][m] for k in range(rows) for m in range(columns)]
            for i in range(rows)
            for j in range(columns)
        ]
        table = self.table
        if table is None:
            steps = ops.meshgrid(*(ops.linspace(-8, 8, 2 * side - 1) for side in self.window), indexing="ij")
            steps = ops.reshape(ops.stack(steps, axis=-1), (-1, 2))
            steps = ops.sign(steps) * ops.log2(ops.abs(steps) + 1) / 3
            table = 16 * ops.sigmoid(self.network(steps))
        return ops.transpose(ops.take(table, ops.array(index), axis=0), (2, 0, 1))

    def call(self, x):
        _, height, width, channels = x.shape
        rows, columns = self.window
        down, right, size = height // rows, width // columns, channels // 3 // self.heads
        if self.grid:
            x = ops.transpose(ops.reshape(x, (-1, rows, down, columns, right, channels)), (0, 2, 4, 1, 3, 5))
        else:
            x = ops.transpose(ops.reshape(x, (-1, down, rows, right, columns, channels)), (0, 1, 3, 2, 4, 5))
        x = ops.reshape(x, (-1, rows * columns, 3, self.heads, size))
        q, k, v = (ops.transpose(x[:, :, part], (0, 2, 1, 3)) for part in range(3))
        scale = size**-0.5
        if self.temperature is not None:
            q, k = ops.normalize(q) * ops.minimum(self.temperature, 100.0), ops.normalize(k)
            scale = 1.0
        weights = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) * scale
        if self.table is not None or self.network is not None:
            weights = weights + self.bias()
        x = ops.transpose(ops.matmul(ops.softmax(weights), v), (0, 2, 1, 3))
        x = ops.reshape(x, (-1, down, right, rows, columns, channels // 3))
        x = ops.transpose(x, (0, 3, 1, 4, 2, 5) if self.grid else (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, height, width, channels // 3))

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] // 3)
''',
}
"""Name to source."""
