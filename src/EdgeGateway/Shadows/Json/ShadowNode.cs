using System.Buffers;

namespace EdgeGateway.Shadows.Json;

/// <summary>
/// One JSON value of a shadow: <see cref="ShadowObject"/>, <see cref="ShadowArray"/> or <see cref="ShadowScalar"/>. Nodes never change and
/// point into the bytes they were parsed from, so a merge shares what stays and copies nothing; only writing a document copies it, once.
/// </summary>
internal abstract class ShadowNode
{
    /// <summary>Length of what <see cref="WriteTo"/> writes.</summary>
    public abstract int JsonLength { get; }

    public virtual bool IsNull => false;

    /// <summary>Canonical JSON: compact, members in the order of their names' bytes.</summary>
    public abstract void WriteTo(ArrayBufferWriter<byte> to);

    /// <summary>
    /// The value's shape with a <c>{"timestamp":SECONDS}</c> at each leaf (AWS guide: Shadow documents); an empty object stays an empty object.
    /// </summary>
    /// <param name="at">Given for all leaves instead of their own times, Unix time in milliseconds; null: their own.</param>
    public abstract void WriteMetadataTo(ArrayBufferWriter<byte> to, long? at = null);

    /// <summary>The same value as newly written at <paramref name="time"/>, without members that are null.</summary>
    public abstract ShadowNode StampedWithoutNulls(long time);

    /// <summary>Deep equality: arrays in order, 1 equals 1.0, no conversion between types (AWS guide: Shadow documents).</summary>
    public abstract bool Same(ShadowNode other);

    public static void WriteTimestampTo(ArrayBufferWriter<byte> to, long time)
    {
        to.Put("{\"timestamp\":"u8);
        to.Put(time / 1000);
        to.Put((byte)'}');
    }
}
