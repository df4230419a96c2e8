using System.Buffers;

namespace EdgeGateway.Shadows.Json;

/// <summary>A string, number, true, false or null.</summary>
/// <param name="json">Canonical text; for a number as it was written.</param>
/// <param name="time">When it was last written, Unix time in milliseconds; 0 inside an array and in a request.</param>
internal sealed class ShadowScalar(ReadOnlyMemory<byte> json, long time) : ShadowNode
{
    public ReadOnlyMemory<byte> Json { get; } = json;
    public long Time { get; } = time;

    public override int JsonLength => Json.Length;
    public override bool IsNull => Json.Span[0] == 'n';

    public override void WriteTo(ArrayBufferWriter<byte> to) => to.Put(Json.Span);

    public override void WriteMetadataTo(ArrayBufferWriter<byte> to, long? at = null) => WriteTimestampTo(to, at ?? Time);

    public override ShadowNode StampedWithoutNulls(long time) => new ShadowScalar(Json, time);

    public override bool Same(ShadowNode other)
    {
        if (other is not ShadowScalar scalar)
            return false;
        var left = Json.Span;
        var right = scalar.Json.Span;
        return IsNumber(left) && IsNumber(right) ? JsonNumber.AreEqual(left, right) : left.SequenceEqual(right);
    }

    private static bool IsNumber(ReadOnlySpan<byte> json) => json[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');
}
