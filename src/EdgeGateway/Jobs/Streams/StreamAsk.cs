namespace EdgeGateway.Jobs.Streams;

/// <summary>What a request says; null is absent.</summary>
internal sealed record StreamAsk
{
    public const int LeastBlockBytes = 256, MostBlockBytes = 131_072;

    /// <summary>Bytes sent for one request at most; the rest is asked for again.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Echoed in the answer.</summary>
    public string? Token { get; init; }

    /// <summary>Refused unless the stream is at this version.</summary>
    public long? Version { get; init; }

    public int? File { get; init; }
    public int? BlockBytes { get; init; }

    /// <summary>First block; 0 if absent.</summary>
    public int? Offset { get; init; }

    /// <summary>How many blocks; all that there is room for if absent.</summary>
    public int? Blocks { get; init; }

    /// <summary>Which blocks from the offset on: the lowest bit of the first byte is the first. Null: all.</summary>
    public byte[]? Bitmap { get; init; }

    /// <summary>The blocks to send of a file of so many bytes.</summary>
    /// <exception cref="StreamRefusal">A member is missing or not in its range.</exception>
    public IEnumerable<int> BlocksOf(long bytes)
    {
        var size = BlockBytes ?? throw new StreamRefusal("InvalidRequest", "l, the size of a block, is missing");
        if (size is < LeastBlockBytes or > MostBlockBytes)
            throw new StreamRefusal("InvalidRequest", $"l is {size}, expected {LeastBlockBytes} to {MostBlockBytes} bytes a block");
        var (first, last) = (Offset ?? 0, (int)Math.Min(int.MaxValue, (bytes + size - 1) / size));
        if (first < 0 || (first >= last && last > 0))
            throw new StreamRefusal("BlockOutOfBounds", $"o is {first}, the file has {last} blocks of {size} bytes");
        if (Blocks is < 1)
            throw new StreamRefusal("InvalidRequest", $"n is {Blocks}, expected 1 or more");
        var wanted = Bitmap is { } bitmap ? Enumerable.Range(0, bitmap.Length * 8).Where(bit => (bitmap[bit / 8] >> (bit % 8) & 1) != 0).Select(bit => first + bit).Where(block => block < last) : Enumerable.Range(first, last - first);
        return wanted.Take(Math.Min(Blocks ?? int.MaxValue, Math.Max(1, MostBytes / size)));
    }
}
