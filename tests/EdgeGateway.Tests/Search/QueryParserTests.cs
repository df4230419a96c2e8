using EdgeGateway.Search;
using EdgeGateway.Search.Query;
using Xunit;

namespace EdgeGateway.Tests.Search;

public sealed class QueryParserTests
{
    [Theory]
    [InlineData("*", "*")]
    [InlineData("thingName:lamp1", "thingName:\"lamp1\"")]
    [InlineData("thingName:lamp*", "thingName:lamp*")]
    [InlineData("thingName:la?p", "thingName:la?p")]
    [InlineData("registry.thingTypeName:lamp", "thingTypeName:\"lamp\"")]
    [InlineData("attributes.a:*", "attributes.a:*")]
    [InlineData("attributes.a:\"two words\"", "attributes.a:\"two words\"")]
    [InlineData("attributes.a:b attributes.c:d", "(attributes.a:\"b\" AND attributes.c:\"d\")")]
    [InlineData("attributes.a:b AND attributes.c:d OR x", "((attributes.a:\"b\" AND attributes.c:\"d\") OR \"x\")")]
    [InlineData("x OR y AND z", "(\"x\" OR (\"y\" AND \"z\"))")]
    [InlineData("NOT x y", "((NOT \"x\") AND \"y\")")]
    [InlineData("-x", "(NOT \"x\")")]
    [InlineData("attributes.n:-5", "attributes.n:\"-5\"")]
    [InlineData("NOT (x OR y)", "(NOT (\"x\" OR \"y\"))")]
    [InlineData("attributes.a:(b OR NOT c)", "(attributes.a:\"b\" OR (NOT attributes.a:\"c\"))")]
    [InlineData("attributes.n:[1 TO 5}", "attributes.n:[\"1\" TO \"5\"}")]
    [InlineData("attributes.n:{* TO 5]", "attributes.n:{* TO \"5\"]")]
    [InlineData("attributes.n>5", "attributes.n > 5")]
    [InlineData("shadow.reported.n <= -2.5", "shadow.reported.n <= -2.5")]
    [InlineData("connectivity.connected:true", "connectivity.connected:\"true\"")]
    [InlineData("thingName:my\\:thing", "thingName:\"my:thing\"")]
    [InlineData("attributes.url:http://x", "attributes.url:\"http://x\"")]
    [InlineData("shadow.reported.p:geo_distance,47.6204,-122.3491,15.5km", "shadow.reported.p:geo_distance,47.6204,-122.3491,15500m")]
    [InlineData("attributes.p:(geo_distance,0,0,1mi OR geo_distance,-1e1,5,2YD)", "(attributes.p:geo_distance,0,0,1609.344m OR attributes.p:geo_distance,-10,5,1.8288m)")]
    [InlineData("attributes.p:\"geo_distance,0,0,1m\"", "attributes.p:\"geo_distance,0,0,1m\"")]
    [InlineData("OR1 ANDROID", "(\"OR1\" AND \"ANDROID\")")]
    public void Parse_PrintsWhatItMeans(string query, string expected)
    {
        var parsed = Parse(query);
        Assert.Equal(expected, parsed.ToString()!.Replace("\\.", ".", StringComparison.Ordinal));
        Assert.Equal(parsed, Parse(parsed.ToString()!));
    }

    [Theory]
    [InlineData("", 1, "the query is empty")]
    [InlineData("   ", 1, "the query is empty")]
    [InlineData("colour:red", 1, "there is no field 'colour'")]
    [InlineData("x shadow.reporte.d:1", 3, "there is no field 'shadow.reporte.d'")]
    [InlineData("thingName:*lamp", 11, "may not begin with *")]
    [InlineData("?x", 1, "may not begin with ?")]
    [InlineData("(x OR y", 1, "is not closed")]
    [InlineData("x)", 2, "')' closes nothing")]
    [InlineData("x AND", 6, "the query ends where a term is expected")]
    [InlineData("OR x", 1, "OR stands where a term is expected")]
    [InlineData("attributes.a:", 14, "a value is expected")]
    [InlineData("attributes.a:\"b", 14, "this quotation is not closed")]
    [InlineData("attributes.a:[1 5]", 17, "TO is expected")]
    [InlineData("attributes.a:[1 TO 5", 14, "is not closed")]
    [InlineData("attributes.a:[1* TO 5]", 15, "no wildcards")]
    [InlineData("attributes.a > red", 16, "expected a number")]
    [InlineData("attributes.a >", 15, "expected a number")]
    [InlineData("x\\", 3, "a backslash stands at the end")]
    [InlineData("attributes.a:b]c", 15, "a backslash before it")]
    [InlineData("a b c d e f g h", 16, "more than 7 terms")]
    [InlineData("shadow.name.x:1", 1, "no field of a named shadow")]
    [InlineData("thingName:geo_distance,1,0,1km", 11, "holds no place")]
    [InlineData("connectivity.connected:(geo_distance,1,0,1km)", 25, "holds no place")]
    [InlineData("attributes.p:geo_distance,91,0,1km", 14, "expected geo_distance,LATITUDE,LONGITUDE,DISTANCE")]
    [InlineData("attributes.p:geo_distance,1,0,15", 14, "m, km, mi, yd or ft")]
    [InlineData("attributes.p:geo_distance,1,0,-1km", 14, "is no distance")]
    [InlineData("attributes.p:geo_distance,1,0", 14, "is no distance")]
    [InlineData("attributes.p:geo_distance, 1, 0, 1km", 14, "without spaces")]
    public void Parse_Wrong_SaysWhereAndWhat(string query, int position, string what)
    {
        var refused = Assert.Throws<QueryException>(() => Parse(query, new(7)));
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.Equal(position, refused.Position);
    }

    [Fact]
    public void Parse_WhatIsNotIndexed_NamesTheSetting()
    {
        var settings = new IndexSettings { Things = true };
        var refused = Assert.Throws<QueryException>(() => QueryParser.Parse("shadow.reported.t:1", (name, position) => IndexFields.OfThing(name, position, settings), new(7)));
        Assert.Contains("REGISTRY_AND_SHADOW", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Deep_IsBounded()
    {
        Assert.Contains("deeper than 32", Assert.Throws<QueryException>(() => Parse(new string('(', 2000) + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("deeper than 32", Assert.Throws<QueryException>(() => Parse(string.Concat(Enumerable.Repeat("NOT ", 1000)) + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("at most 4096", Assert.Throws<QueryException>(() => Parse(new string('x', 5000))).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Fuzz")]
    public Task Parse_AnyText_IsAQueryOrRefused() => Support.Fuzz.Run(static random =>
    {
        const string Alphabet = "thingName:attributes.a  ()[]{}\"\\*?<>=-ANDORNOTTO5é😀";
        var text = new string([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
        try
        {
            var parsed = Parse(text);
            Assert.Equal(parsed, Parse(parsed.ToString()!));
        }
        catch (QueryException ex)
        {
            Assert.InRange(ex.Position, 1, text.Length + 1);
        }
    });

    private static QueryNode Parse(string query, QueryLimits? limits = null) =>
        QueryParser.Parse(query, static (name, position) => IndexFields.OfThing(name, position, IndexSettings.Everything), limits ?? new(1000));
}
