namespace EdgeGateway.Search;

/// <summary>
/// Entries in order of their names. One writer; readers take <see cref="Current"/>, in which each entry is whole and at least as new as at that moment.
/// </summary>
internal sealed class EntryList
{
    private volatile IndexEntry[] _entries = [];

    public IReadOnlyList<IndexEntry> Current => _entries;

    public IndexEntry? Find(string name)
    {
        var entries = _entries;
        var at = Search(entries, name);
        return at < 0 ? null : entries[at];
    }

    /// <summary>The first entry behind a name; the number of entries if there is none.</summary>
    public static int FirstAfter(IReadOnlyList<IndexEntry> entries, string name)
    {
        int low = 0, high = entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(entries[middle].Name, name) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public void Put(IndexEntry entry)
    {
        var entries = _entries;
        var at = Search(entries, entry.Name);
        if (at >= 0)
            Volatile.Write(ref entries[at], entry);
        else
            _entries = [.. entries.AsSpan(0, ~at), entry, .. entries.AsSpan(~at)];
    }

    public void Remove(string name)
    {
        var entries = _entries;
        if (Search(entries, name) is >= 0 and var at)
            _entries = [.. entries.AsSpan(0, at), .. entries.AsSpan(at + 1)];
    }

    /// <param name="entries">In any order.</param>
    public void Replace(IEnumerable<IndexEntry> entries) => _entries = [.. entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal)];

    // As Array.BinarySearch answers: the complement of the place to insert at.
    private static int Search(IndexEntry[] entries, string name)
    {
        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(entries[middle].Name, name);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
