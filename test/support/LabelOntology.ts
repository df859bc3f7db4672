// An ontology with every kind of class, and a valid answer.
import { CategorySchema } from "effect-ango"

const option = (value: string) => ({ value, schemaId: `o-${value.toLowerCase()}` })

export const ontology = CategorySchema.CategorySchema.make({
  tools: [
    {
      tool: "bounding-box",
      schemaId: "t-vehicle",
      title: "Vehicle",
      // Hubs write this also where several objects are allowed.
      multiple: false,
      classifications: [
        {
          tool: "single-dropdown",
          schemaId: "q-type",
          title: "Type",
          required: true,
          options: [option("Car"), option("Bus"), option("Lorry")]
        },
        { tool: "checkbox", schemaId: "q-damage", title: "Damage", options: [option("Dent"), option("Rust")] }
      ]
    },
    { tool: "rotated-bounding-box", schemaId: "t-ship", title: "Ship" },
    { tool: "polygon", schemaId: "t-crossing", title: "Crossing" },
    { tool: "polyline", schemaId: "t-lane", title: "Lane" },
    { tool: "point", schemaId: "t-lamp", title: "Lamp" },
    { tool: "segmentation", schemaId: "t-road", title: "Road" },
    { tool: "ner", schemaId: "t-name", title: "Name" },
    { tool: "pdf", schemaId: "t-total", title: "Total" },
    { tool: "brush", schemaId: "t-sky", title: "Sky" },
    { tool: "circle", schemaId: "t-sign", title: "Sign" },
    { tool: "polygon", schemaId: "t-tree-1", title: "Tree" },
    { tool: "polygon", schemaId: "t-tree-2", title: "Tree" }
  ],
  classifications: [
    {
      tool: "radio",
      schemaId: "q-weather",
      title: "Weather",
      required: true,
      options: [option("Clear"), option("Rain"), option("Fog")],
      classifications: [
        {
          tool: "text",
          schemaId: "q-sight",
          title: "Sight",
          required: true,
          parentOptionId: "o-fog",
          regex: "^\\d+ m$"
        }
      ]
    },
    { tool: "multi-dropdown", schemaId: "q-users", title: "Users", options: [option("Bike"), option("Dog")] },
    {
      tool: "tree-dropdown",
      schemaId: "q-place",
      title: "Place",
      multiple: false,
      treeOptions: [
        { title: "Town", key: "k-town", children: [{ title: "Park", key: "k-park" }, { title: "Street" }] },
        { title: "Country", key: "k-country" }
      ]
    },
    { tool: "rank", schemaId: "q-order", title: "Order", options: [option("A"), option("B"), option("C")] },
    { tool: "boolean", schemaId: "q-night", title: "Night" },
    { tool: "instance", schemaId: "q-instance", title: "Instance" },
    {
      tool: "radio",
      schemaId: "q-twins",
      title: "Twins",
      options: [
        { value: "Same", schemaId: "o-same-1" },
        { value: "Same", schemaId: "o-same-2" }
      ]
    }
  ],
  relations: [
    { tool: "one-to-one", schemaId: "r-tows", title: "Tows" },
    { tool: "group", schemaId: "r-convoy", title: "Convoy" }
  ]
})

export const box = { x: 10, y: 20, width: 30, height: 40 }

export const type = { schemaId: "q-type", answer: "Car" }

export const vehicle = { schemaId: "t-vehicle", "bounding-box": box, classifications: [type] }

export const weather = { schemaId: "q-weather", answer: "Clear" }

/** A valid entry, with these fields added or replaced. */
export const entry = (fields: object): Record<string, unknown> => ({
  externalId: "a.jpg",
  classifications: [weather],
  ...fields
})
