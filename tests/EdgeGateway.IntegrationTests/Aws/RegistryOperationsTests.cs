using Xunit;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Registry operations as boto3 and the AWS CLI see them.</summary>
public sealed class RegistryOperationsTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Things_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_thing(thingName="a:lamp", attributePayload={"attributes": {"room": "hall"}})
        assert made["thingArn"] == "arn:aws:iot:edge:000000000000:thing/a:lamp", made
        assert iot.create_thing(thingName="a:lamp", attributePayload={"attributes": {"room": "hall"}})["thingId"] == made["thingId"]
        taken = refused("ResourceAlreadyExistsException", 409, iot.create_thing, thingName="a:lamp")
        assert taken["resourceArn"] == made["thingArn"] and taken["resourceId"] == made["thingId"], taken
        refused("InvalidRequestException", 400, iot.create_thing, thingName="a b")
        refused("ResourceNotFoundException", 404, iot.create_thing, thingName="b", thingTypeName="none")
        refused("InvalidRequestException", 400, iot.create_thing, thingName="b", attributePayload={"attributes": {str(i): "x" for i in range(4)}})
        described = iot.describe_thing(thingName="a:lamp")
        described.pop("ResponseMetadata")
        assert described == {"defaultClientId": "a:lamp", "thingName": "a:lamp", "thingId": made["thingId"], "thingArn": made["thingArn"],
                             "attributes": {"room": "hall"}, "version": 1}, described
        iot.update_thing(thingName="a:lamp", attributePayload={"attributes": {"floor": "1"}, "merge": True}, expectedVersion=1)
        refused("VersionConflictException", 409, iot.update_thing, thingName="a:lamp", expectedVersion=1)
        assert iot.describe_thing(thingName="a:lamp")["attributes"] == {"room": "hall", "floor": "1"}
        refused("ResourceNotFoundException", 404, iot.describe_thing, thingName="nobody")
        refused("VersionConflictException", 409, iot.delete_thing, thingName="a:lamp", expectedVersion=1)
        iot.delete_thing(thingName="a:lamp", expectedVersion=2)
        iot.delete_thing(thingName="a:lamp")
        """);

    [Fact]
    public Task ListThings_Boto3() => gateway.PythonAsync(
        """
        iot.create_thing_type(thingTypeName="Listed")
        for i in range(30):
            iot.create_thing(thingName=f"list-{i:02}", thingTypeName="Listed" if i % 2 else "Listed", attributePayload={"attributes": {"parity": "odd" if i % 2 else "even"}})
        names = [thing["thingName"] for thing in pages("list_things", "things", thingTypeName="Listed", PaginationConfig={"PageSize": 7})]
        assert names == [f"list-{i:02}" for i in range(30)], names
        odd = pages("list_things", "things", attributeName="parity", attributeValue="odd", thingTypeName="Listed", PaginationConfig={"PageSize": 4})
        assert len(odd) == 15 and all(thing["attributes"] == {"parity": "odd"} and thing["version"] == 1 for thing in odd), odd
        assert len(pages("list_things", "things", attributeName="parity", attributeValue="ev", usePrefixAttributeValue=True)) == 15
        assert pages("list_things", "things", attributeName="parity", attributeValue="ev") == []
        first = iot.list_things(maxResults=5, thingTypeName="Listed")
        refused("InvalidRequestException", 400, iot.list_things, nextToken=first["nextToken"], maxResults=5)
        refused("InvalidRequestException", 400, iot.list_things, nextToken="bm9uc2Vuc2U")
        refused("InvalidRequestException", 400, iot.list_things, maxResults=251)
        # What is deleted between two pages neither skips nor repeats.
        for name in ["list-03", "list-04", "list-05"]:
            iot.delete_thing(thingName=name)
        second = iot.list_things(maxResults=5, thingTypeName="Listed", nextToken=first["nextToken"])
        assert [thing["thingName"] for thing in second["things"]][0] == "list-06", second
        last = iot.list_things(maxResults=250, thingTypeName="Listed")
        assert "nextToken" not in last
        """);

    [Fact]
    public Task ThingTypes_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_thing_type(thingTypeName="Lamp", thingTypeProperties={"thingTypeDescription": "gives light", "searchableAttributes": ["room", "watt"]}, tags=[{"Key": "k", "Value": "v"}])
        assert made["thingTypeArn"] == "arn:aws:iot:edge:000000000000:thingtype/Lamp"
        described = iot.describe_thing_type(thingTypeName="Lamp")
        assert described["thingTypeProperties"] == {"thingTypeDescription": "gives light", "searchableAttributes": ["room", "watt"]}, described
        assert described["thingTypeMetadata"]["deprecated"] is False and described["thingTypeMetadata"]["creationDate"].year >= 2024
        assert "deprecationDate" not in described["thingTypeMetadata"]
        refused("ResourceAlreadyExistsException", 409, iot.create_thing_type, thingTypeName="Lamp")
        if has("update_thing_type"):
            iot.update_thing_type(thingTypeName="Lamp", thingTypeProperties={"mqtt5Configuration": {"propagatingAttributes": [{"userPropertyKey": "r", "thingAttribute": "room"}]}})
            assert iot.describe_thing_type(thingTypeName="Lamp")["thingTypeProperties"]["mqtt5Configuration"] == {"propagatingAttributes": [{"userPropertyKey": "r", "thingAttribute": "room"}]}
        iot.create_thing(thingName="lamp-1", thingTypeName="Lamp")
        refused("InvalidRequestException", 400, iot.delete_thing_type, thingTypeName="Lamp")
        iot.deprecate_thing_type(thingTypeName="Lamp")
        assert iot.describe_thing_type(thingTypeName="Lamp")["thingTypeMetadata"]["deprecationDate"]
        refused("InvalidRequestException", 400, iot.create_thing, thingName="lamp-2", thingTypeName="Lamp")
        iot.deprecate_thing_type(thingTypeName="Lamp", undoDeprecate=True)
        iot.create_thing(thingName="lamp-2", thingTypeName="Lamp")
        assert [t["thingTypeName"] for t in iot.list_thing_types(thingTypeName="Lamp")["thingTypes"]] == ["Lamp"]
        assert iot.list_tags_for_resource(resourceArn=made["thingTypeArn"])["tags"] == [{"Key": "k", "Value": "v"}]
        iot.deprecate_thing_type(thingTypeName="Lamp")
        iot.delete_thing(thingName="lamp-1"); iot.update_thing(thingName="lamp-2", removeThingType=True)
        iot.delete_thing_type(thingTypeName="Lamp")
        refused("ResourceNotFoundException", 404, iot.delete_thing_type, thingTypeName="Lamp")
        refused("ResourceNotFoundException", 404, iot.list_tags_for_resource, resourceArn=made["thingTypeArn"])
        """);

    [Fact]
    public Task ThingGroups_Boto3() => gateway.PythonAsync(
        """
        house = iot.create_thing_group(thingGroupName="house", thingGroupProperties={"thingGroupDescription": "all", "attributePayload": {"attributes": {"a": "1"}}})
        iot.create_thing_group(thingGroupName="floor", parentGroupName="house")
        iot.create_thing_group(thingGroupName="room", parentGroupName="floor")
        iot.create_thing_group(thingGroupName="garden")
        refused("ResourceNotFoundException", 404, iot.create_thing_group, thingGroupName="x", parentGroupName="none")
        room = iot.describe_thing_group(thingGroupName="room")
        assert room["thingGroupMetadata"]["parentGroupName"] == "floor"
        assert [g["groupName"] for g in room["thingGroupMetadata"]["rootToParentThingGroups"]] == ["house", "floor"], room
        names = lambda **kw: [g["groupName"] for g in pages("list_thing_groups", "thingGroups", **kw) if g["groupName"] in ("house", "floor", "room", "garden")]
        assert names() == ["floor", "garden", "house", "room"]
        assert names(recursive=False) == ["garden", "house"]
        assert names(parentGroup="house") == ["floor"]
        assert names(parentGroup="house", recursive=True) == ["floor", "room"]
        assert names(namePrefixFilter="ro") == ["room"]
        refused("ResourceNotFoundException", 404, iot.list_thing_groups, parentGroup="none")
        iot.create_thing(thingName="g-lamp")
        iot.add_thing_to_thing_group(thingGroupName="room", thingArn="arn:aws:iot:edge:000000000000:thing/g-lamp")
        iot.add_thing_to_thing_group(thingGroupName="room", thingGroupArn="arn:aws:iot:edge:000000000000:thinggroup/room", thingName="g-lamp")
        refused("InvalidRequestException", 400, iot.add_thing_to_thing_group, thingGroupName="room", thingGroupArn=house["thingGroupArn"], thingName="g-lamp")
        refused("InvalidRequestException", 400, iot.add_thing_to_thing_group, thingGroupName="house", thingName="g-lamp")
        refused("ResourceNotFoundException", 404, iot.add_thing_to_thing_group, thingGroupName="none", thingName="g-lamp")
        assert iot.list_things_in_thing_group(thingGroupName="house")["things"] == []
        assert iot.list_things_in_thing_group(thingGroupName="house", recursive=True)["things"] == ["g-lamp"]
        iot.update_thing_groups_for_thing(thingName="g-lamp", thingGroupsToAdd=["house", "garden"], thingGroupsToRemove=["room"])
        assert [g["groupName"] for g in iot.list_thing_groups_for_thing(thingName="g-lamp")["thingGroups"]] == ["garden", "house"]
        iot.remove_thing_from_thing_group(thingGroupName="garden", thingName="g-lamp")
        assert iot.update_thing_group(thingGroupName="house", thingGroupProperties={"attributePayload": {"attributes": {"b": "2"}, "merge": True}}, expectedVersion=1)["version"] == 2
        assert iot.describe_thing_group(thingGroupName="house")["thingGroupProperties"] == {"thingGroupDescription": "all", "attributePayload": {"attributes": {"a": "1", "b": "2"}}}
        refused("VersionConflictException", 409, iot.update_thing_group, thingGroupName="house", thingGroupProperties={}, expectedVersion=1)
        iot.tag_resource(resourceArn=house["thingGroupArn"], tags=[{"Key": "k", "Value": "v"}, {"Key": "l", "Value": ""}])
        iot.untag_resource(resourceArn=house["thingGroupArn"], tagKeys=["k"])
        assert iot.list_tags_for_resource(resourceArn=house["thingGroupArn"])["tags"] == [{"Key": "l", "Value": ""}]
        refused("LimitExceededException", 410, iot.tag_resource, resourceArn=house["thingGroupArn"], tags=[{"Key": str(i), "Value": ""} for i in range(50)])
        refused("InvalidRequestException", 400, iot.tag_resource, resourceArn="arn:aws:iot:edge:000000000000:thing/g-lamp", tags=[])
        refused("InvalidRequestException", 400, iot.delete_thing_group, thingGroupName="house")
        for name in ["room", "floor", "house", "garden", "garden"]:
            iot.delete_thing_group(thingGroupName=name)
        """);

    [Fact]
    public Task BillingGroupsAndEvents_Boto3() => gateway.PythonAsync(
        """
        made = iot.create_billing_group(billingGroupName="dept", billingGroupProperties={"billingGroupDescription": "d"}, tags=[{"Key": "k", "Value": "v"}])
        iot.create_thing(thingName="b-lamp", billingGroupName="dept")
        assert iot.describe_thing(thingName="b-lamp")["billingGroupName"] == "dept"
        assert iot.list_things_in_billing_group(billingGroupName="dept")["things"] == ["b-lamp"]
        iot.remove_thing_from_billing_group(billingGroupName="dept", thingName="b-lamp")
        iot.add_thing_to_billing_group(billingGroupArn=made["billingGroupArn"], thingName="b-lamp")
        assert iot.update_billing_group(billingGroupName="dept", billingGroupProperties={"billingGroupDescription": "e"})["version"] == 2
        described = iot.describe_billing_group(billingGroupName="dept")
        assert described["billingGroupProperties"] == {"billingGroupDescription": "e"} and described["version"] == 2
        assert [g["groupName"] for g in iot.list_billing_groups(namePrefixFilter="de")["billingGroups"]] == ["dept"]
        refused("VersionConflictException", 409, iot.delete_billing_group, billingGroupName="dept", expectedVersion=1)
        iot.delete_billing_group(billingGroupName="dept")
        refused("ResourceNotFoundException", 404, iot.describe_billing_group, billingGroupName="dept")
        assert "billingGroupName" not in iot.describe_thing(thingName="b-lamp")
        before = iot.describe_event_configurations()
        assert all(not c["Enabled"] for c in before["eventConfigurations"].values()) and len(before["eventConfigurations"]) == 11, before
        iot.update_event_configurations(eventConfigurations={"THING": {"Enabled": True}})
        after = iot.describe_event_configurations()
        assert after["eventConfigurations"]["THING"] == {"Enabled": True} and after["creationDate"] and after["lastModifiedDate"]
        iot.update_event_configurations(eventConfigurations={"THING": {"Enabled": False}})
        """);

    [Fact]
    public async Task Things_Cli()
    {
        await gateway.CliAsync("iot", "create-thing", "--thing-name", "cli-lamp", "--attribute-payload", """{"attributes":{"room":"hall"}}""");
        var described = await gateway.CliAsync("iot", "describe-thing", "--thing-name", "cli-lamp");
        Assert.Contains("\"room\": \"hall\"", described, StringComparison.Ordinal);
        var listed = await gateway.CliAsync("iot", "list-things", "--attribute-name", "room", "--attribute-value", "hall", "--query", "things[?thingName=='cli-lamp'].thingName");
        Assert.Contains("cli-lamp", listed, StringComparison.Ordinal);
        await gateway.CliAsync("iot", "delete-thing", "--thing-name", "cli-lamp");
    }
}
