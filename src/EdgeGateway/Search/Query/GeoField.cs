using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>Names of a field that holds a place, and of the members it has where it is an object.</summary>
internal readonly record struct GeoField
{
    private readonly ulong _lat, _latitude, _lon, _long, _longitude;

    public GeoField(QueryField field)
    {
        (Itself, IsLonLat) = (field.Hash, field.IsLonLat);
        var below = FieldName.Continue(Itself, "."u8);
        (_lat, _latitude) = (FieldName.Continue(below, "lat"u8), FieldName.Continue(below, "latitude"u8));
        (_lon, _long, _longitude) = (FieldName.Continue(below, "lon"u8), FieldName.Continue(below, "long"u8), FieldName.Continue(below, "longitude"u8));
    }

    public ulong Itself { get; }

    /// <summary>Text and array begin with the longitude.</summary>
    public bool IsLonLat { get; }

    public bool IsLatitude(ulong field) => field == _lat || field == _latitude;

    public bool IsLongitude(ulong field) => field == _lon || field == _long || field == _longitude;
}
