namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Queries by place, set up with AWS's SDK in the steps of its tutorial on location data.</summary>
public sealed class PlaceSearchTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task NodeSdk_DeclaresAPlace_AndFindsWhatIsNear() => gateway.AwsSdkAsync(
        """
        const coordinates = "shadow.name.bike-shadow.reported.coordinates", geoLocations = [{ name: coordinates, order: "LonLat" }, { name: "attributes.home", order: "LatLon" }];
        await call("CreateThing", { thingName: "Bike-1", attributePayload: { attributes: { model: "OEM-2302-12", home: "47.6,-122.3" } } });
        await dataCall("UpdateThingShadow", { thingName: "Bike-1", shadowName: "bike-shadow", payload: JSON.stringify({ state: { reported: { coordinates: [-122.33584, 47.61564] } } }) });
        const things = { thingIndexingMode: "REGISTRY", namedShadowIndexingMode: "ON", filter: { namedShadowNames: ["bike-shadow"], geoLocations } };
        await call("UpdateIndexingConfiguration", { thingIndexingConfiguration: things });
        assert.deepStrictEqual((await call("GetIndexingConfiguration")).thingIndexingConfiguration.filter, things.filter);
        while ((await call("DescribeIndex", { indexName: "AWS_Things" })).indexStatus !== "ACTIVE");
        const found = async query => names((await call("SearchIndex", { queryString: query })).things, "thingName");
        assert.deepStrictEqual(await found(`${coordinates}:geo_distance,47.6204,-122.3491,15.5km`), ["Bike-1"]);
        assert.deepStrictEqual(await found(`${coordinates}:geo_distance,47.6204,-122.3491,1km`), []);
        assert.deepStrictEqual(await found("thingName:Bike* AND NOT attributes.home:geo_distance,47.6,-122.3,5mi"), []);
        await call("CreateDynamicThingGroup", { thingGroupName: "downtown", queryString: `${coordinates}:geo_distance,47.6204,-122.3491,2km` });
        while (!(await call("ListThingsInThingGroup", { thingGroupName: "downtown" })).things.includes("Bike-1"));
        await dataCall("UpdateThingShadow", { thingName: "Bike-1", shadowName: "bike-shadow", payload: JSON.stringify({ state: { reported: { coordinates: [-122.1, 47.6] } } }) });
        while ((await call("ListThingsInThingGroup", { thingGroupName: "downtown" })).things.length > 0);
        const wrong = await refused("InvalidQueryException", 400, call("SearchIndex", { queryString: `${coordinates}:geo_distance,47.6204,-122.3491` }));
        assert.match(wrong.message, /geo_distance,LATITUDE,LONGITUDE,DISTANCE/);
        await refused("InvalidRequestException", 400, call("UpdateIndexingConfiguration", { thingIndexingConfiguration: { ...things, filter: { geoLocations: [{ name: "thingName" }] } } }));
        await refused("InvalidRequestException", 400, call("UpdateIndexingConfiguration", { thingIndexingConfiguration: { ...things, filter: { geoLocations: [{ name: "attributes.home", order: "LonLon" }] } } }));
        """);
}
