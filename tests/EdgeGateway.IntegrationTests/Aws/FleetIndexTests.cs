using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>The fleet index, dynamic groups and fleet metrics with AWS's own clients; what is found is there as soon as the write before it was answered.</summary>
public sealed class FleetIndexTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Boto3_SearchesByRegistryShadowAndConnectivity() => gateway.PythonAsync(
        """
        import paho.mqtt.client as mqtt, subprocess, tempfile, threading, time
        def found(query, **arguments):
            return [thing["thingName"] for page in range(1) for thing in iot.search_index(queryString=query, **arguments)["things"]]
        iot.create_thing_type(thingTypeName="s-lamp")
        iot.create_thing_group(thingGroupName="s-hall")
        for i in range(12):
            iot.create_thing(thingName=f"s-{i:02}", thingTypeName="s-lamp", attributePayload={"attributes": {"model": "A" if i % 2 else "B", "floor": str(i)}})
            data.update_thing_shadow(thingName=f"s-{i:02}", payload=json.dumps({"state": {"reported": {"version": i / 10, "net": {"rssi": -40 - i}, "tags": ["x", f"n{i}"]}, "desired": {"version": 0.5}}}))
        data.update_thing_shadow(thingName="s-03", shadowName="config", payload=json.dumps({"state": {"reported": {"mode": "eco"}}}))
        iot.add_thing_to_thing_group(thingGroupName="s-hall", thingName="s-07")

        assert found("thingName:s-*") == [f"s-{i:02}" for i in range(12)]
        assert found("thingTypeName:s-lamp attributes.model:a AND NOT attributes.floor:[5 TO 9]") == ["s-01", "s-03", "s-11"]
        assert found("attributes.floor > 9 AND thingName:s-*") == ["s-10", "s-11"]
        assert found("shadow.reported.version < 0.2 AND thingName:s-*") == ["s-00", "s-01"]
        assert found("shadow.reported.net.rssi:[-45 TO -43]") == ["s-03", "s-04", "s-05"]
        assert found("shadow.reported.tags:n4") == ["s-04"]
        assert found("shadow.hasDelta:false AND thingName:s-*") == ["s-05"]
        assert found("shadow.name.config.reported.mode:ECO") == ["s-03"]
        assert found("thingGroupNames:s-hall") == ["s-07"]
        assert found("eco") == ["s-03"]

        first = iot.search_index(queryString="thingName:s-*", maxResults=5)
        second = iot.search_index(queryString="thingName:s-*", maxResults=100, nextToken=first["nextToken"])
        assert [thing["thingName"] for thing in first["things"] + second["things"]] == [f"s-{i:02}" for i in range(12)] and "nextToken" not in second
        refused("InvalidRequestException", 400, iot.search_index, queryString="thingName:t*", nextToken=first["nextToken"])
        three = iot.search_index(queryString="thingName:s-03")["things"][0]
        shadow = json.loads(three["shadow"])
        assert three["thingTypeName"] == "s-lamp" and three["attributes"] == {"model": "A", "floor": "3"}
        assert shadow["reported"]["net"] == {"rssi": -43} and shadow["hasDelta"] is True and shadow["delta"] == {"version": 0.5}, shadow
        assert shadow["metadata"]["reported"]["version"]["timestamp"] > 0 and shadow["name"]["config"]["reported"] == {"mode": "eco"}, shadow

        data.update_thing_shadow(thingName="s-00", payload=json.dumps({"state": {"reported": {"version": 9}}}))
        assert found("shadow.reported.version > 8") == ["s-00"]
        iot.delete_thing(thingName="s-00")
        assert found("shadow.reported.version > 8") == []

        refused("InvalidQueryException", 400, iot.search_index, queryString="colour:red")
        answer = refused("InvalidQueryException", 400, iot.search_index, queryString="thingName:s-* AND (")
        assert "character" in answer["Error"]["Message"], answer
        refused("ResourceNotFoundException", 404, iot.search_index, indexName="AWS_Other", queryString="*")

        folder = tempfile.mkdtemp()
        made = iot.create_keys_and_certificate(setAsActive=True)
        iot.create_policy(policyName="s-all", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}]}))
        iot.attach_policy(policyName="s-all", target=made["certificateArn"])
        for name, text in (("c.pem", made["certificatePem"]), ("k.pem", made["keyPair"]["PrivateKey"])):
            open(os.path.join(folder, name), "w").write(text)
        device = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="s-04") if hasattr(mqtt, "CallbackAPIVersion") else mqtt.Client(client_id="s-04")
        device.tls_set(ca_certs=os.environ["CA_FILE"], certfile=os.path.join(folder, "c.pem"), keyfile=os.path.join(folder, "k.pem"))
        come, gone = threading.Event(), threading.Event()
        device.on_connect = lambda *arguments: come.set()
        device.on_disconnect = lambda *arguments: gone.set()
        device.connect("127.0.0.1", int(os.environ["MQTTS_PORT"]))
        device.loop_start()
        assert come.wait(30)
        def eventually(query, names):
            for _ in range(200):
                if found(query) == names:
                    return
                time.sleep(0.05)
            raise AssertionError(f"{query} finds {found(query)}")
        eventually("connectivity.connected:true AND thingName:s-*", ["s-04"])
        assert iot.search_index(queryString="thingName:s-04")["things"][0]["connectivity"]["connected"] is True
        device.disconnect()
        device.loop_stop()
        eventually("connectivity.connected:false AND connectivity.disconnectReason:CLIENT_INITIATED_DISCONNECT", ["s-04"])
        if has("get_thing_connectivity_data"):
            assert iot.get_thing_connectivity_data(thingName="s-04")["connected"] is False
            refused("ResourceNotFoundException", 404, iot.get_thing_connectivity_data, thingName="none")
        """);

    [Fact]
    public Task Boto3_AggregatesAndConfigures() => gateway.PythonAsync(
        """
        things = {"thingIndexingMode": "REGISTRY_AND_SHADOW", "thingConnectivityIndexingMode": "STATUS", "namedShadowIndexingMode": "ON",
                  "customFields": [{"name": "shadow.reported.temp", "type": "Number"}, {"name": "attributes.room", "type": "String"}, {"name": "shadow.reported.on", "type": "Boolean"}]}
        iot.update_indexing_configuration(thingIndexingConfiguration=things, thingGroupIndexingConfiguration={"thingGroupIndexingMode": "ON"})
        got = iot.get_indexing_configuration()
        assert got["thingIndexingConfiguration"]["customFields"] == things["customFields"], got
        assert {"name": "connectivity.connected", "type": "Boolean"} in got["thingIndexingConfiguration"]["managedFields"]
        assert sorted(iot.list_indices()["indexNames"]) == ["AWS_ThingGroups", "AWS_Things"]
        import time
        def active():
            return iot.describe_index(indexName="AWS_Things")["indexStatus"] == "ACTIVE"
        for _ in range(200):
            if active():
                break
            time.sleep(0.05)
        assert active() and iot.describe_index(indexName="AWS_Things")["schema"] == "MULTI_INDEXING_MODE"
        for i in range(10):
            iot.create_thing(thingName=f"a-{i}", attributePayload={"attributes": {"room": "hall" if i < 6 else f"r{i}"}})
            data.update_thing_shadow(thingName=f"a-{i}", payload=json.dumps({"state": {"reported": {"temp": i * 2, "on": i % 2 == 0}}}))
        statistics = iot.get_statistics(queryString="thingName:a-*", aggregationField="shadow.reported.temp")["statistics"]
        assert (statistics["count"], statistics["sum"], statistics["minimum"], statistics["maximum"], statistics["average"]) == (10, 90.0, 0.0, 18.0, 9.0), statistics
        assert iot.get_statistics(queryString="thingName:a-*", aggregationField="attributes.room")["statistics"] == {"count": 10}
        assert iot.get_cardinality(queryString="thingName:a-*", aggregationField="attributes.room")["cardinality"] == 5
        percentiles = iot.get_percentiles(queryString="thingName:a-*", aggregationField="shadow.reported.temp", percents=[0, 50, 100])["percentiles"]
        assert [(value["percent"], value["value"]) for value in percentiles] == [(0, 0), (50, 9), (100, 18)], percentiles
        buckets = iot.get_buckets_aggregation(queryString="thingName:a-*", aggregationField="shadow.reported.on", bucketsAggregationType={"termsAggregation": {"maxBuckets": 5}})
        assert (buckets["totalCount"], buckets["buckets"]) == (10, [{"keyValue": "false", "count": 5}, {"keyValue": "true", "count": 5}]), buckets
        refused("InvalidAggregationException", 400, iot.get_statistics, queryString="*", aggregationField="attributes.unknown")
        refused("InvalidAggregationException", 400, iot.get_percentiles, queryString="*", aggregationField="attributes.room")
        refused("InvalidRequestException", 400, iot.update_indexing_configuration, thingIndexingConfiguration={"thingIndexingMode": "OFF", "thingConnectivityIndexingMode": "STATUS"})
        refused("InvalidRequestException", 400, iot.update_indexing_configuration, thingIndexingConfiguration={"thingIndexingMode": "REGISTRY", "customFields": [{"name": "shadow.reported.temp", "type": "Number"}]})

        iot.create_thing_group(thingGroupName="ag-root", thingGroupProperties={"thingGroupDescription": "all of it", "attributePayload": {"attributes": {"floor": "2"}}})
        iot.create_thing_group(thingGroupName="ag-child", parentGroupName="ag-root")
        groups = iot.search_index(indexName="AWS_ThingGroups", queryString="parentGroupNames:ag-root OR attributes.floor:2")["thingGroups"]
        assert [group["thingGroupName"] for group in groups] == ["ag-child", "ag-root"] and groups[0]["parentGroupNames"] == ["ag-root"] and groups[1]["thingGroupDescription"] == "all of it", groups
        """);

    [Fact]
    public Task Boto3_DynamicGroupsAndFleetMetrics() => gateway.PythonAsync(
        """
        import time
        def members(name):
            return pages("list_things_in_thing_group", "things", thingGroupName=name)
        def eventually(name, expected):
            for _ in range(200):
                if members(name) == expected:
                    return
                time.sleep(0.05)
            raise AssertionError(f"{name} has {members(name)}")
        iot.create_thing_type(thingTypeName="d-lamp")
        for i in range(3):
            iot.create_thing(thingName=f"d-{i}", thingTypeName="d-lamp")
            data.update_thing_shadow(thingName=f"d-{i}", payload=json.dumps({"state": {"reported": {"version": i}}}))
        made = iot.create_dynamic_thing_group(thingGroupName="d-old", queryString="thingTypeName:d-lamp AND shadow.reported.version < 2", tags=[{"Key": "k", "Value": "v"}])
        assert (made["indexName"], made["queryVersion"]) == ("AWS_Things", "2017-09-30")
        eventually("d-old", ["d-0", "d-1"])
        described = iot.describe_thing_group(thingGroupName="d-old")
        assert described["queryString"].startswith("thingTypeName") and described["status"] in ("ACTIVE", "BUILDING", "REBUILDING"), described
        assert iot.list_thing_groups_for_thing(thingName="d-0")["thingGroups"][0]["groupName"] == "d-old"
        assert [thing["thingName"] for thing in iot.search_index(queryString="thingGroupNames:d-old")["things"]] == ["d-0", "d-1"]
        data.update_thing_shadow(thingName="d-0", payload=json.dumps({"state": {"reported": {"version": 2}}}))
        eventually("d-old", ["d-1"])
        version = iot.update_dynamic_thing_group(thingGroupName="d-old", queryString="thingName:d-*", thingGroupProperties={})["version"]
        assert version == 2
        eventually("d-old", ["d-0", "d-1", "d-2"])
        refused("InvalidRequestException", 400, iot.add_thing_to_thing_group, thingGroupName="d-old", thingName="d-0")
        refused("InvalidRequestException", 400, iot.update_thing_group, thingGroupName="d-old", thingGroupProperties={})
        refused("InvalidRequestException", 400, iot.delete_thing_group, thingGroupName="d-old")
        refused("InvalidRequestException", 400, iot.create_thing_group, thingGroupName="d-child", parentGroupName="d-old")
        iot.create_policy(policyName="d-policy", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"}]}))
        refused("InvalidRequestException", 400, iot.attach_policy, policyName="d-policy", target=described["thingGroupArn"])
        refused("InvalidQueryException", 400, iot.create_dynamic_thing_group, thingGroupName="d-wrong", queryString="colour:red")
        refused("VersionConflictException", 409, iot.update_dynamic_thing_group, thingGroupName="d-old", thingGroupProperties={}, expectedVersion=1)
        iot.delete_dynamic_thing_group(thingGroupName="d-old")
        refused("ResourceNotFoundException", 404, iot.describe_thing_group, thingGroupName="d-old")
        assert iot.list_thing_groups_for_thing(thingName="d-0")["thingGroups"] == []

        metric = dict(metricName="d-lamps", queryString="thingTypeName:d-lamp", aggregationType={"name": "Statistics", "values": ["count"]}, period=60, aggregationField="registry.version", unit="Count")
        arn = iot.create_fleet_metric(**metric)["metricArn"]
        assert arn == "arn:aws:iot:edge:000000000000:fleetmetric/d-lamps"
        assert iot.create_fleet_metric(**metric)["metricArn"] == arn
        refused("ResourceAlreadyExistsException", 409, iot.create_fleet_metric, **{**metric, "period": 120})
        refused("InvalidRequestException", 400, iot.create_fleet_metric, **{**metric, "metricName": "d-other", "period": 61})
        refused("InvalidAggregationException", 400, iot.create_fleet_metric, **{**metric, "metricName": "d-other", "aggregationField": "attributes.unknown"})
        refused("InvalidQueryException", 400, iot.create_fleet_metric, **{**metric, "metricName": "d-other", "queryString": "colour:red"})
        iot.update_fleet_metric(metricName="d-lamps", indexName="AWS_Things", period=300, expectedVersion=1)
        described = iot.describe_fleet_metric(metricName="d-lamps")
        assert (described["period"], described["version"], described["aggregationType"]) == (300, 2, {"name": "Statistics", "values": ["count"]}), described
        refused("VersionConflictException", 409, iot.update_fleet_metric, metricName="d-lamps", indexName="AWS_Things", expectedVersion=1)
        assert [item["metricName"] for item in pages("list_fleet_metrics", "fleetMetrics")] == ["d-lamps"]
        iot.delete_fleet_metric(metricName="d-lamps")
        refused("ResourceNotFoundException", 404, iot.describe_fleet_metric, metricName="d-lamps")
        """);

    [Fact]
    public Task NodeSdk_SearchesAndGroups() => gateway.AwsSdkAsync(
        """
        await call("CreateThing", { thingName: "n-1", attributePayload: { attributes: { model: "M" } } });
        await dataCall("UpdateThingShadow", { thingName: "n-1", payload: Buffer.from(JSON.stringify({ state: { reported: { t: 21.5 } } })) });
        const found = await call("SearchIndex", { queryString: "shadow.reported.t >= 21 AND attributes.model:m" });
        assert.deepStrictEqual(names(found.things, "thingName"), ["n-1"]);
        assert.strictEqual(JSON.parse(found.things[0].shadow).reported.t, 21.5);
        await refused("InvalidQueryException", 400, call("SearchIndex", { queryString: "thingName:*x" }));
        assert.ok((await call("ListIndices")).indexNames.includes("AWS_Things"));
        const state = await call("GetThingConnectivityData", { thingName: "n-1" });
        assert.strictEqual(state.connected, false);
        await call("CreateDynamicThingGroup", { thingGroupName: "n-warm", queryString: "shadow.reported.t > 20 AND thingName:n-*" });
        for (let i = 0; ; i++) {
            const { things } = await call("ListThingsInThingGroup", { thingGroupName: "n-warm" });
            if (things.length === 1) break;
            assert.ok(i < 200, "nobody joined");
            await new Promise(resolve => setTimeout(resolve, 50));
        }
        await call("DeleteDynamicThingGroup", { thingGroupName: "n-warm" });
        """);

    [Fact]
    public async Task CommandLine_SearchesCountsAndGroups()
    {
        await gateway.PythonAsync(
            """
            iot.create_thing_type(thingTypeName="c-lamp")
            for i in range(3):
                iot.create_thing(thingName=f"c-{i}", thingTypeName="c-lamp", attributePayload={"attributes": {"room": "hall"}})
                data.update_thing_shadow(thingName=f"c-{i}", payload=json.dumps({"state": {"reported": {"watt": i * 10}}}))
            """);
        string[] at = ["--data", gateway.Running.Folder];
        var table = (await GatewayProcess.RunAsync(["search", "thingTypeName:c-lamp AND shadow.reported.watt > 5", "--shadows", .. at])).Succeeded().Output;
        Assert.Contains("c-1", table, StringComparison.Ordinal);
        Assert.Contains("watt=20", table, StringComparison.Ordinal);
        Assert.DoesNotContain("c-0", table, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await GatewayProcess.RunAsync(["search", "thingName:c-*", "--limit", "2", "--json", .. at])).Succeeded().Output);
        Assert.Equal(["c-0", "c-1"], json.RootElement.GetProperty("things").EnumerateArray().Select(static thing => thing.GetProperty("name").GetString()));
        Assert.Equal("c-1", json.RootElement.GetProperty("next").GetString());

        var values = (await GatewayProcess.RunAsync(["search", "thingName:c-*", "--values", "registry.thingTypeName", .. at])).Succeeded().Output;
        Assert.Contains("3 of 3 things have it", values, StringComparison.Ordinal);

        var wrong = await GatewayProcess.RunAsync(["search", "colour:red", .. at]);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("at character 1: there is no field 'colour'", wrong.Errors, StringComparison.Ordinal);

        Assert.Contains("is there", (await GatewayProcess.RunAsync(["group", "create", "c-bright", "--query", "thingName:c-* AND shadow.reported.watt >= 10", .. at])).Succeeded().Output, StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await GatewayProcess.RunAsync(["group", "things", "c-bright", .. at])).Succeeded().Output is var members && !(members.Contains("c-1", StringComparison.Ordinal) && members.Contains("c-2", StringComparison.Ordinal)))
            patience.Token.ThrowIfCancellationRequested();
        Assert.Contains("thingName:c-*", (await GatewayProcess.RunAsync(["group", "list", .. at])).Succeeded().Output, StringComparison.Ordinal);
        (await GatewayProcess.RunAsync(["group", "delete", "c-bright", .. at])).Succeeded();
    }
}
