namespace EdgeGateway.Search;

/// <summary>A field declared to hold a place.</summary>
/// <param name="Name">Such as <c>shadow.reported.location</c> or <c>attributes.place</c>.</param>
/// <param name="IsLonLat">A text or an array begins with the longitude, as in GeoJSON; else with the latitude.</param>
public sealed record GeoLocation(string Name, bool IsLonLat);
