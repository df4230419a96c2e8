using System.Collections.Frozen;

namespace EdgeGateway.Rules.Sql;

/// <summary>All functions by name, in any case (AWS guide: SQL functions).</summary>
internal static class SqlFunctions
{
    private static readonly FrozenDictionary<string, SqlFunction> ByName = new[]
    {
        NumberFunctions.All, StringFunctions.All, HashFunctions.All, RegexFunctions.All, CodecFunctions.All,
        CollectionFunctions.All, MessageFunctions.All, TimeFunctions.All, ExternalFunctions.All,
    }.SelectMany(functions => functions).ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => ByName.Keys;

    public static SqlFunction? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Words for what could have been meant.</summary>
    public static string Suggest(string name)
    {
        var lower = name.ToLowerInvariant();
        var near = ByName.Keys.Select(known => (Name: known, Distance: Distance(lower, known)))
            .Where(candidate => candidate.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name).FirstOrDefault();
        return near is null ? "a function of rule SQL" : $"perhaps {near}";
    }

    // Edits from one name to the other.
    private static int Distance(string a, string b)
    {
        if (a.Length > 64)
            return int.MaxValue;
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
