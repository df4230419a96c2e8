using System.Globalization;
using System.Text;

namespace EdgeGateway.Search.Query;

/// <summary>A parsed query; <see cref="object.ToString"/> prints one that parses to the same.</summary>
internal abstract record QueryNode
{
    public sealed record All : QueryNode
    {
        public override string ToString() => "*";
    }

    public sealed record And(QueryNode Left, QueryNode Right) : QueryNode
    {
        public override string ToString() => $"({Left} AND {Right})";
    }

    public sealed record Or(QueryNode Left, QueryNode Right) : QueryNode
    {
        public override string ToString() => $"({Left} OR {Right})";
    }

    public sealed record Not(QueryNode Inner) : QueryNode
    {
        public override string ToString() => $"(NOT {Inner})";
    }

    /// <summary>A field, or any, has a value that passes the test.</summary>
    public sealed record Match(QueryField Field, QueryTest Test) : QueryNode
    {
        public override string ToString() => Field.Part == FieldPart.Any ? $"{Test}" : Test is QueryTest.Compare ? $"{Escape(Field.Name)} {Test}" : $"{Escape(Field.Name)}:{Test}";
    }

    /// <summary>A field holds a place that is not further than this from another.</summary>
    /// <param name="Metres">At most so far.</param>
    public sealed record Near(QueryField Field, GeoPoint Centre, double Metres) : QueryNode
    {
        public const string Word = "geo_distance,";
        private readonly GeoField _geo = new(Field);

        public bool Holds(ReadOnlySpan<byte> fields) => GeoPoint.Read(fields, _geo) is { } point && point.MetresTo(Centre) <= Metres;

        public override string ToString() => $"{Escape(Field.Name)}:{Word}{Number(Centre.Latitude)},{Number(Centre.Longitude)},{Number(Metres)}m";
    }

    /// <summary>A word with everything escaped that could mean something.</summary>
    public static string Escape(string word)
    {
        var escaped = new StringBuilder(word.Length);
        foreach (var c in word)
            escaped.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '.' || c > 0x7F && !char.IsWhiteSpace(c) ? $"{c}" : $"\\{c}");
        return escaped.ToString();
    }

    internal static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
