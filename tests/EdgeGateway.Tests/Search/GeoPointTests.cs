using System.Text;
using EdgeGateway.Search;
using EdgeGateway.Search.Fields;
using EdgeGateway.Search.Query;
using EdgeGateway.Shadows;
using EdgeGateway.Tests.Registry;
using Xunit;

namespace EdgeGateway.Tests.Search;

/// <summary>Places in fields, in each manner of writing that AWS indexes (AWS guide: Indexing location data).</summary>
public sealed class GeoPointTests
{
    [Theory]
    [InlineData("""{"p":"POINT(-122.3491 47.6204)"}""", false)]
    [InlineData("""{"p":" point ( -122.3491  47.6204 ) "}""", true)]
    [InlineData("""{"p":"47.6204,-122.3491"}""", false)]
    [InlineData("""{"p":"47.6204, -122.3491"}""", false)]
    [InlineData("""{"p":"-122.3491,47.6204"}""", true)]
    [InlineData("""{"p":[47.6204,-122.3491]}""", false)]
    [InlineData("""{"p":[-122.3491,47.6204]}""", true)]
    [InlineData("""{"p":{"lat":47.6204,"lon":-122.3491}}""", false)]
    [InlineData("""{"p":{"longitude":-122.3491,"x":1,"latitude":47.6204}}""", true)]
    [InlineData("""{"p":{"lat":"47.6204","long":"-122.3491"}}""", false)]
    public void Read_EachForm_IsThePlace(string json, bool isLonLat) => Assert.Equal(new GeoPoint(47.6204, -122.3491), Read(json, isLonLat));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"p":47.6}""")]
    [InlineData("""{"p":[47.6,-122.3,5]}""")]
    [InlineData("""{"p":[-122.3491,47.6204]}""")] // a latitude of −122°
    [InlineData("""{"p":"somewhere"}""")]
    [InlineData("""{"p":"1,2,3"}""")]
    [InlineData("""{"p":"POINT 1 2"}""")]
    [InlineData("""{"p":"POINT(1 2 3)"}""")]
    [InlineData("""{"p":"NaN,1"}""")]
    [InlineData("""{"p":{"lat":1}}""")]
    [InlineData("""{"p":true}""")]
    public void Read_NoPlace_IsNone(string json) => Assert.Null(Read(json, isLonLat: false));

    [Theory]
    [InlineData(0, 0, 0, 1, 111_195.08)] // a degree of the equator: 2πR / 360
    [InlineData(90, 0, -90, 77, 20_015_114.4)] // half a great circle
    [InlineData(0, 179, 0, -179, 222_390.16)] // over the date line
    [InlineData(47.6204, -122.3491, 47.6204, -122.3491, 0)]
    public void MetresTo_IsTheGreatCircle(double latitude, double longitude, double otherLatitude, double otherLongitude, double metres) =>
        Assert.Equal(metres, new GeoPoint(latitude, longitude).MetresTo(new(otherLatitude, otherLongitude)), metres * 1e-6);

    [Fact]
    public async Task Search_ByPlace_FindsWhatIsNear_AndTheDeclaredOrderHolds()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Search.UpdateSettingsAsync(IndexSettings.Everything with { GeoLocations = [new("shadow.reported.geo.coordinates", IsLonLat: true)] }, default);
        await house.Changes.CaughtUpAsync(default);
        await house.Registry.CreateThing("bike-1", null, ("at", "47.6204,-122.3491"));
        await house.Registry.CreateThing("bike-2", null, ("at", "47.7,-122.3491"));
        await house.UpdateShadowAsync(ShadowId.Classic("bike-1"), """{"state":{"reported":{"geo":{"type":"Point","coordinates":[-122.33584,47.61564]}}}}""");
        await house.UpdateShadowAsync(new("bike-2", "trip"), """{"state":{"reported":{"p":{"lat":47.7,"lon":-122.3}}}}""");

        Assert.Equal(["bike-1"], await house.FindAsync("attributes.at:geo_distance,47.62,-122.35,1km"));
        Assert.Equal(["bike-1", "bike-2"], await house.FindAsync("attributes.at:geo_distance,47.62,-122.35,15.5km"));
        Assert.Equal(["bike-1"], await house.FindAsync("thingName:bike* AND shadow.reported.geo.coordinates:geo_distance,47.6204,-122.3491,15.5km"));
        Assert.Equal(["bike-2"], await house.FindAsync("shadow.name.trip.reported.p:geo_distance,47.7,-122.3,5ft AND NOT attributes.at:geo_distance,47.62,-122.35,1mi"));

        await house.RestartAsync();
        Assert.Equal([new GeoLocation("shadow.reported.geo.coordinates", true)], house.Search.Settings.GeoLocations);
        await Assert.ThrowsAsync<IndexSettingsException>(() => house.Search.UpdateSettingsAsync(IndexSettings.Everything with { GeoLocations = [new("thingName", false)] }, default));
        await Assert.ThrowsAsync<IndexSettingsException>(() => house.Search.UpdateSettingsAsync(IndexSettings.Everything with { GeoLocations = [new("attributes.a", false), new("attributes.a", true)] }, default));
    }

    private static GeoPoint? Read(string json, bool isLonLat)
    {
        var fields = new FieldWriter();
        JsonFields.Write(fields, "f", Encoding.UTF8.GetBytes(json));
        return GeoPoint.Read(fields.ToArray(), new GeoField(new QueryField("f.p", FieldPart.Shadow) { IsLonLat = isLonLat }));
    }
}
