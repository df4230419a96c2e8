using System.Buffers;
using System.Text;

namespace EdgeGateway.Shadows.Json;

/// <summary>
/// An object, its members sorted by their names' bytes: merging, comparing and taking differences are then one pass over both sides,
/// however many members a hostile document has.
/// </summary>
internal sealed class ShadowObject : ShadowNode
{
    private static readonly Comparer<ShadowMember> ByName = Comparer<ShadowMember>.Create(static (a, b) => a.CompareName(b));
    private readonly ShadowMember[] _members;

    private ShadowObject(ShadowMember[] sorted) => _members = sorted;

    public static ShadowObject Empty { get; } = new([]);

    public IReadOnlyList<ShadowMember> Members => _members;

    public override int JsonLength
    {
        get
        {
            var length = 2 + Math.Max(0, _members.Length - 1);
            foreach (var member in _members)
                length += member.Name.Length + 1 + member.Value.JsonLength;
            return length;
        }
    }

    /// <param name="members">In strictly rising order of names.</param>
    public static ShadowObject FromSorted(List<ShadowMember> members) => members.Count == 0 ? Empty : new([.. members]);

    /// <summary>Sorts; of members with the same name the last one stands, as in most JSON readers (RFC 8259 §4 leaves it open).</summary>
    public static ShadowObject FromWritten(List<ShadowMember> members)
    {
        if (IsStrictlyRising(members))
            return FromSorted(members);
        var sorted = new List<ShadowMember>(members.Count);
        foreach (var member in members.OrderBy(static member => member, ByName)) // stable, so the last of a name comes last
        {
            if (sorted.Count > 0 && sorted[^1].CompareName(member) == 0)
                sorted[^1] = member;
            else
                sorted.Add(member);
        }
        return FromSorted(sorted);
    }

    /// <summary>Null if there is no such member.</summary>
    public ShadowNode? Find(string name)
    {
        var key = new ShadowMember(JsonText.Quote(name), Empty);
        var index = Array.BinarySearch(_members, key, ByName);
        return index < 0 ? null : _members[index].Value;
    }

    public override void WriteTo(ArrayBufferWriter<byte> to)
    {
        to.Put((byte)'{');
        for (var i = 0; i < _members.Length; i++)
        {
            WriteName(to, i);
            _members[i].Value.WriteTo(to);
        }
        to.Put((byte)'}');
    }

    public override void WriteMetadataTo(ArrayBufferWriter<byte> to, long? at = null)
    {
        to.Put((byte)'{');
        for (var i = 0; i < _members.Length; i++)
        {
            WriteName(to, i);
            _members[i].Value.WriteMetadataTo(to, at);
        }
        to.Put((byte)'}');
    }

    public override ShadowNode StampedWithoutNulls(long time)
    {
        var kept = new List<ShadowMember>(_members.Length);
        foreach (var member in _members)
            if (!member.Value.IsNull)
                kept.Add(member with { Value = member.Value.StampedWithoutNulls(time) });
        return FromSorted(kept);
    }

    public override bool Same(ShadowNode other)
    {
        if (other is not ShadowObject { Members: var theirs } || theirs.Count != _members.Length)
            return false;
        for (var i = 0; i < _members.Length; i++)
            if (_members[i].CompareName(theirs[i]) != 0 || !_members[i].Value.Same(theirs[i].Value))
                return false;
        return true;
    }

    /// <summary>
    /// This object with a request's changes (AWS guide: Shadow documents): null removes, object onto object recurses, anything else replaces.
    /// </summary>
    /// <param name="time">Given to every leaf that is written, also when its value stays.</param>
    public ShadowObject Merge(ShadowObject patch, long time)
    {
        var merged = new List<ShadowMember>(_members.Length + patch._members.Length);
        var i = 0;
        foreach (var change in patch._members)
        {
            while (i < _members.Length && _members[i].CompareName(change) < 0)
                merged.Add(_members[i++]);
            var old = i < _members.Length && _members[i].CompareName(change) == 0 ? _members[i++].Value : null;
            if (change.Value.IsNull)
                continue;
            var value = change.Value is ShadowObject inner && old is ShadowObject target ? target.Merge(inner, time) : change.Value.StampedWithoutNulls(time);
            merged.Add(change with { Value = value });
        }
        merged.AddRange(_members.AsSpan(i));
        return FromSorted(merged);
    }

    /// <summary>What is in this object (desired) and not, or otherwise, in <paramref name="reported"/>; null if nothing (AWS guide: Shadow documents).</summary>
    public ShadowObject? DeltaTo(ShadowObject? reported)
    {
        var difference = new List<ShadowMember>();
        var theirs = reported?._members ?? [];
        var i = 0;
        foreach (var member in _members)
        {
            while (i < theirs.Length && theirs[i].CompareName(member) < 0)
                i++;
            if (i == theirs.Length || theirs[i].CompareName(member) != 0)
                difference.Add(member);
            else if (member.Value is ShadowObject inner && theirs[i].Value is ShadowObject other)
            {
                if (inner.DeltaTo(other) is { } deeper)
                    difference.Add(member with { Value = deeper });
            }
            else if (!member.Value.Same(theirs[i].Value))
                difference.Add(member);
        }
        return difference.Count == 0 ? null : FromSorted(difference);
    }

    public override string ToString()
    {
        var json = new ArrayBufferWriter<byte>(256);
        WriteTo(json);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private static bool IsStrictlyRising(List<ShadowMember> members)
    {
        for (var i = 1; i < members.Count; i++)
            if (members[i - 1].CompareName(members[i]) >= 0)
                return false;
        return true;
    }

    private void WriteName(ArrayBufferWriter<byte> to, int index)
    {
        if (index > 0)
            to.Put((byte)',');
        to.Put(_members[index].Name.Span);
        to.Put((byte)':');
    }
}
