using System.Buffers;

namespace EdgeGateway.Shadows.Json;

/// <summary>An array: one leaf of the document, replaced whole and never merged, so one time does for all its elements.</summary>
/// <param name="time">When it was last written, Unix time in milliseconds; 0 inside another array and in a request.</param>
internal sealed class ShadowArray(ShadowNode[] items, long time) : ShadowNode
{
    public IReadOnlyList<ShadowNode> Items => items;
    public long Time { get; } = time;

    public override int JsonLength
    {
        get
        {
            var length = 2 + Math.Max(0, items.Length - 1);
            foreach (var item in items)
                length += item.JsonLength;
            return length;
        }
    }

    public override void WriteTo(ArrayBufferWriter<byte> to)
    {
        to.Put((byte)'[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                to.Put((byte)',');
            items[i].WriteTo(to);
        }
        to.Put((byte)']');
    }

    public override void WriteMetadataTo(ArrayBufferWriter<byte> to, long? at = null)
    {
        to.Put((byte)'[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                to.Put((byte)',');
            items[i].WriteMetadataTo(to, at ?? Time);
        }
        to.Put((byte)']');
    }

    public override ShadowNode StampedWithoutNulls(long time) => new ShadowArray(items, time); // a null inside was refused with the request

    public override bool Same(ShadowNode other)
    {
        if (other is not ShadowArray array || array.Items.Count != items.Length)
            return false;
        for (var i = 0; i < items.Length; i++)
            if (!items[i].Same(array.Items[i]))
                return false;
        return true;
    }
}
