using System.Text;
using EdgeGateway.Search.Fields;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Search;

/// <summary>The values of one field in many entries, and what is made of them.</summary>
internal sealed class Aggregate
{
    private readonly List<double> _numbers = [];
    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly FieldType _type;

    public Aggregate(IEnumerable<IndexEntry> entries, QueryField field, FieldType type)
    {
        _type = type;
        foreach (var entry in entries)
            Add(entry, field);
    }

    /// <summary>Entries looked at.</summary>
    public long Total { get; private set; }

    /// <summary>Those of them that have the field.</summary>
    public long Count { get; private set; }

    public FieldStatistics Statistics()
    {
        if (_numbers.Count == 0)
            return new(Count, null);
        var sum = _numbers.Sum();
        var average = sum / _numbers.Count;
        var variance = _numbers.Sum(number => (number - average) * (number - average)) / _numbers.Count;
        return new(Count, new(average, sum, _numbers.Min(), _numbers.Max(), _numbers.Sum(static number => number * number), variance, Math.Sqrt(variance)));
    }

    public long Cardinality() => _type == FieldType.Number ? _numbers.Distinct().Count() : _texts.Count;

    public IReadOnlyList<(double Percent, double Value)> Percentiles(IReadOnlyList<double> percents)
    {
        if (_numbers.Count == 0)
            return [];
        _numbers.Sort();
        return [.. percents.Select(percent => (percent, At(percent / 100 * (_numbers.Count - 1))))];

        double At(double rank)
        {
            var below = _numbers[(int)rank];
            return below + ((rank - (int)rank) * (_numbers[Math.Min((int)rank + 1, _numbers.Count - 1)] - below));
        }
    }

    public IReadOnlyList<(string Value, long Count)> Buckets(int atMost)
    {
        var counts = _type == FieldType.Number ? _numbers.CountBy(static number => QueryNode.Number(number)).Select(static pair => (pair.Key, (long)pair.Value)) : _texts.Select(static pair => (pair.Key, pair.Value));
        return [.. counts.OrderByDescending(static bucket => bucket.Item2).ThenBy(static bucket => bucket.Key, StringComparer.Ordinal).Take(atMost)];
    }

    private void Add(IndexEntry entry, QueryField field)
    {
        Total++;
        var part = field.Part switch
        {
            FieldPart.Connectivity => entry.Connectivity,
            FieldPart.Shadow => entry.Shadow(field.Shadow) ?? [],
            _ => entry.Registry,
        };
        var has = false;
        var value = new FieldReader(part);
        while (value.Next())
            if (value.Field == field.Hash)
                has |= Add(value);
        if (has)
            Count++;
    }

    private bool Add(in FieldReader value)
    {
        if (_type == FieldType.Number)
        {
            if (value.IsNumber)
                _numbers.Add(value.Number);
            return value.IsNumber;
        }
        var text = value.IsText ? Encoding.UTF8.GetString(value.Text) : QueryNode.Number(value.Number);
        if (_type == FieldType.Boolean && text is not ("true" or "false"))
            return false;
        _texts[text] = _texts.GetValueOrDefault(text) + 1;
        return true;
    }
}
